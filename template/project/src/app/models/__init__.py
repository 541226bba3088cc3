from app.models.session import Session as Session
from app.models.user import User as User
